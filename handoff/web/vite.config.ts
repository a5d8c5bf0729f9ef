import { defineConfig } from "vite";

/** Where `npm run dev` finds a running Bauruf; the built pages are served by Bauruf itself. */
const server = "http://127.0.0.1:8000";

/**
 * Three pages, one build: /console/, /phone/ and /chat/, with hashed files under /assets/.
 *
 * Nothing is inlined and no polyfill is injected, because the pages are served with a strict
 * content security policy (no inline script or style, Trusted Types without any policy).
 */
export default defineConfig({
  appType: "mpa",
  build: {
    target: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rollupOptions: {
      input: { console: "console/index.html", phone: "phone/index.html", chat: "chat/index.html" },
    },
  },
  server: { proxy: { "/api": server, "/chat/(people|session|messages|stream|media|typing)": server } },
});
