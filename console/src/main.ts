/** The console's page. */

import { render } from "lit-html";
import { Api } from "./api/client.ts";
import { Session } from "./state/session.ts";
import { SignIn } from "./views/signin.ts";

const session = new Session(sessionStorage, localStorage);
const api = new Api(new URL(".", location.href), () => session.key, () => session.forget());
const page = document.getElementById("app") as HTMLElement;
const draw = () => render(signIn.render(), page);
const signIn = new SignIn(async (key, options) => {
  session.save(key, options);
  await api.stats({});
}, draw);
draw();
