// SPDX-License-Identifier: Apache-2.0
// Signing in, creating an account, signing out.
import { t } from "../i18n";
import { api, ask } from "../lib/api";
import { openDialog } from "../lib/dialog";
import { fill, h } from "../lib/dom";
import { notify, why } from "../lib/feedback";
import { store, type Schemas, type Session } from "../lib/store";

export const field = (label: string, input: HTMLElement, hint?: string): HTMLElement => {
  const id = input.id || `field-${Math.random().toString(36).slice(2)}`;
  input.id = id;
  if (hint) input.setAttribute("aria-describedby", `${id}-hint`);
  return h("div", { class: "field" }, h("label", { for: id }, label), input, hint && h("p", { class: "hint", id: `${id}-hint` }, hint));
};

const sessionOf = (answer: Schemas["Session"]): Session => ({
  token: answer.access_token,
  user: answer.user,
  expires: Date.now() + answer.expires_in * 1000,
});

const nameOf = (user: Schemas["User"]) => user.display_name ?? user.email;

// True once somebody is signed in; false when the dialog was left.
export function needAccount(): Promise<boolean> {
  return store.get().session ? Promise.resolve(true) : openSignIn(t("signInFor"));
}

export function openSignIn(hint: string | null = null): Promise<boolean> {
  return new Promise((done) => {
    let mode: "in" | "up" = "in";
    const body = h("div", {});
    const opened = openDialog(t("signIn"), "sign-in-dialog", body, () => done(store.get().session !== null));
    const draw = () => {
      const email = h("input", { type: "email", name: "email", autocomplete: "username", required: true, maxlength: 255, "data-testid": "email" });
      const password = h("input", {
        type: "password",
        name: "password",
        autocomplete: mode === "in" ? "current-password" : "new-password",
        required: true,
        "data-testid": "password",
        ...(mode === "up" ? { minlength: 10 } : {}),
      });
      const name = h("input", { type: "text", name: "name", autocomplete: "name", maxlength: 100 });
      const error = h("p", { class: "error", role: "alert" });
      const submit = h("button", { type: "submit", class: "primary wide", "data-testid": "sign-in-submit" }, mode === "in" ? t("signIn") : t("register"));
      const send = async (event: Event) => {
        event.preventDefault();
        error.textContent = "";
        submit.disabled = true;
        const pair = { email: email.value.trim(), password: password.value };
        const answer =
          mode === "in"
            ? await ask(api.POST("/api/v1/auth/login", { body: pair }))
            : await ask(api.POST("/api/v1/auth/register", { body: { ...pair, ...(name.value.trim() ? { display_name: name.value.trim() } : {}) } }));
        submit.disabled = false;
        if (answer.ok) {
          store.set({ session: sessionOf(answer.data) });
          notify(t("welcome", { who: nameOf(answer.data.user) }), "good");
          opened.close();
        } else if (answer.status === 401) error.textContent = t("wrongPair");
        else if (answer.problem?.error === "email_taken") error.textContent = t("emailTaken");
        else error.textContent = why(answer);
      };
      const heading = opened.dialog.querySelector("h2");
      if (heading) heading.textContent = mode === "in" ? t("signIn") : t("register");
      fill(
        body,
        hint && h("p", {}, hint),
        h(
          "form",
          { on: { submit: send } },
          field(t("email"), email),
          field(t("password"), password, mode === "up" ? t("passwordHint") : undefined),
          mode === "up" && field(t("displayName"), name),
          error,
          submit,
        ),
        h(
          "button",
          {
            type: "button",
            class: "link",
            "data-testid": "sign-in-other",
            on: { click: () => ((mode = mode === "in" ? "up" : "in"), draw()) },
          },
          mode === "in" ? t("toRegister") : t("toSignIn"),
        ),
      );
      email.focus();
    };
    draw();
  });
}

export async function signOut(): Promise<void> {
  await ask(api.POST("/api/v1/auth/logout"));
  store.set({ session: null });
}

export function openAccount(): void {
  const { session } = store.get();
  if (!session) return void openSignIn();
  const opened = openDialog(
    t("account"),
    "account-dialog",
    h(
      "div",
      { class: "stack" },
      h("p", {}, t("signedInAs", { who: nameOf(session.user) })),
      h("a", { href: "#/routes", class: "button wide", on: { click: () => opened.close() } }, t("routes")),
      h("button", { type: "button", class: "wide", "data-testid": "sign-out", on: { click: () => (opened.close(), void signOut()) } }, t("signOut")),
    ),
  );
}
