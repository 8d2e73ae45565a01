/** Mends what checkers of accessibility find in VitePress's own theme. */
export function mendTheme(): void {
  // There are two of them on a page, the sidebar and the outline.
  document.querySelector('.VPSidebar')?.setAttribute('aria-label', 'Pages')
  // The only page without one.
  document.querySelector('.NotFound')?.setAttribute('role', 'main')
  // It is only there once it is open.
  document.querySelector('.VPNavBarHamburger')?.removeAttribute('aria-controls')
}
