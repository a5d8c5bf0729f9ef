import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { reasonOf } from "../store/actions";

interface FormProps {
  /** What the button says. */
  word: string;
  /** What the button does. What goes wrong is said above it, and nothing typed is lost. */
  save: () => Promise<unknown>;
  /** While something is still missing. */
  disabled?: boolean;
  children: ComponentChildren;
}

/** Fields with one button, which waits for the answer. */
export function Form({ word, save, disabled = false, children }: FormProps) {
  const problem = useSignal("");
  const busy = useSignal(false);

  async function submit() {
    busy.value = true;
    problem.value = "";
    try {
      await save();
    } catch (error) {
      problem.value = reasonOf(error);
    } finally {
      busy.value = false;
    }
  }

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <p class="problem" role="alert">
        {problem}
      </p>
      <button class="button primary" disabled={disabled || busy.value}>
        {word}
      </button>
    </form>
  );
}
