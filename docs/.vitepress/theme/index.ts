import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import { h } from 'vue'
import LiveUpload from './LiveUpload.vue'
import Playground from './Playground.vue'
import './site.css'

/** The widget of the home page. */
const HERO = { label: 'Your photos', multiple: '', accept: 'image/*,.pdf', 'max-size': '25MB' }

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, { 'home-hero-image': () => h(LiveUpload, { attributes: HERO }) }),
  enhanceApp: ({ app }) => {
    app.component('Playground', Playground)
    app.component('LiveUpload', LiveUpload)
  },
} satisfies Theme
