/** The API's documentation, to read and to try. */

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

SwaggerUI({ url: new URL("openapi.json", document.baseURI).href, dom_id: "#docs", deepLinking: true, validatorUrl: null });
