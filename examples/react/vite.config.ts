import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  server: {
    // Page and signer share an origin this way, so the signer needs no CORS.
    proxy: { '/sign': 'http://localhost:5180' },
  },
})
