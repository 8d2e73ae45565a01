import { type Theme, useRoute } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import { h, onMounted, watch } from 'vue'
import LiveUpload from './LiveUpload.vue'
import { mendTheme } from './mend-theme.ts'
import Playground from './Playground.vue'
import './site.css'

/** The widget of the home page. */
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
    app.component('Playground', Playground)
    app.component('LiveUpload', LiveUpload)
  },
} satisfies Theme
