import type { ExecSession, Kubelet, LogAnswer, LogOptions, Pod, PodStatusWriter } from '../../../../src/playground/cluster/ports.ts';

/** A kubelet that runs nothing: it remembers what it was told and reports what the test says. */
export interface ScriptedKubelet extends Kubelet {
  readonly writer: PodStatusWriter;
  readonly synced: Pod[];
  readonly forgotten: Pod[];
  readonly logsAsked: { readonly container: string; readonly options: LogOptions }[];
  onSync: (pod: Pod) => void;
  onLog: (container: string, options: LogOptions) => LogAnswer;
  onExec: (container: string, argv: readonly string[]) => ReturnType<Kubelet['exec']>;
}

export const scriptedKubelet = (): { readonly make: (writer: PodStatusWriter) => Kubelet; readonly kubelet: () => ScriptedKubelet } => {
  let made: ScriptedKubelet | undefined;
  return {
    make: (writer) => {
      made = {
        writer, synced: [], forgotten: [], logsAsked: [],
        onSync: () => undefined,
        onLog: (container) => ({ status: 400, message: `container ${JSON.stringify(container)} is not scripted` }),
        onExec: () => ({ status: 500, message: 'exec is not scripted' }),
        sync: (pod) => {
          made!.synced.push(pod);
          made!.onSync(pod);
        },
        forget: (pod) => void made!.forgotten.push(pod),
        log: (_pod, container, options) => {
          made!.logsAsked.push({ container, options });
          return made!.onLog(container, options);
        },
        exec: (_pod, container, argv) => made!.onExec(container, argv),
        close: async () => undefined,
      };
      return made;
    },
    kubelet: () => made!,
  };
};

export async function* bytes(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

export const session = (stdout: string, stderr: string, code: number): ExecSession => ({
  stdout: bytes(stdout), stderr: bytes(stderr), exit: Promise.resolve(code), kill: () => undefined,
});
