/** The API's reference, to read. */

import bundle from "redoc/bundles/redoc.standalone.js?url";
import "./styles/redoc.css";

declare const Redoc: { init(url: string, options: object, element: HTMLElement | null): void };

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

// The bundle is an old-fashioned script that sets a global name.
const script = document.createElement("script");
script.src = bundle;
script.onload = () => {
  Redoc.init(
    new URL("openapi.json", document.baseURI).href,
    { theme: { typography: { fontFamily: FONT, headings: { fontFamily: FONT }, code: { fontFamily: "ui-monospace, monospace" } } } },
    document.getElementById("redoc"),
  );
};
document.head.append(script);
