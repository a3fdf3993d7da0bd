/** Asks before something is done that everybody will notice. */

export function confirm(question: string, action: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const text = document.createElement("p");
  text.textContent = question;
  const buttons = document.createElement("div");
  buttons.className = "dialog-actions";
  const no = button("Cancel", "button");
  const yes = button(action, "button primary");
  buttons.append(no, yes);
  dialog.append(text, buttons);
  document.body.append(dialog);
  return new Promise((resolve) => {
    no.onclick = () => dialog.close();
    yes.onclick = () => dialog.close("yes");
    dialog.onclose = () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    };
    dialog.showModal();
  });
}

function button(label: string, className: string): HTMLButtonElement {
  const element = document.createElement("button");
  element.className = className;
  element.textContent = label;
  return element;
}
