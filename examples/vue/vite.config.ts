import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [vue()],
  server: {
    // Page and signer share an origin this way, so the signer needs no CORS.
    proxy: { '/sign': 'http://localhost:5180' },
  },
})
