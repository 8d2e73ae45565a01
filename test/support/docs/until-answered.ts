/** Resolves with the answer of a server on this computer, once it listens. */
export async function untilAnswered(port: number, init: RequestInit = {}): Promise<Response> {
  for (let tries = 100; ; tries--) {
    try {
      return await fetch(`http://127.0.0.1:${port}/`, init)
    } catch (error) {
      if (tries === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
