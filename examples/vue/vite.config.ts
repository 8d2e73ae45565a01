import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    // Without this, Vue looks for a component of that name and warns that there is none.
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'bucket-upload' } } }),
  ],
  server: {
    // Page and signer share an origin this way, so the signer needs no CORS.
    proxy: { '/sign': 'http://localhost:5180' },
  },
})
