import { type Theme, useRoute } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { defineAsyncComponent, h, onMounted, watch } from 'vue'
import LiveUpload from './LiveUpload.vue'
import { mendTheme } from './mend-theme.ts'
import './site.css'

/** The widget of the home page. The theme is the one without fonts: those of the system are there at once. */
const HERO = { label: 'Your photos', multiple: '', accept: 'image/*,.pdf', 'max-size': '25MB' }

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, { 'home-hero-image': () => h(LiveUpload, { attributes: HERO }) }),
  setup() {
    const route = useRoute()
    onMounted(mendTheme)
    watch(() => route.path, mendTheme, { flush: 'post' })
  },
  enhanceApp: ({ app }) => {
    // With the whole manifest, which only its page needs.
    app.component(
      'Playground',
      defineAsyncComponent(() => import('./Playground.vue')),
    )
    app.component('LiveUpload', LiveUpload)
  },
} satisfies Theme
