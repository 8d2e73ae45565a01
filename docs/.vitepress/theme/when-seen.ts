/**
 * Calls back once an element is in view, or nearly, and the browser has nothing to do that is more
 * urgent: text and menus come first.
 *
 * @returns gives it up
 */
export function whenSeen(element: Element, callback: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      // Safari has no idle callbacks.
      if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: 2000 })
      else setTimeout(callback, 200)
    },
    { rootMargin: '200px' },
  )
  observer.observe(element)
  return () => observer.disconnect()
}
