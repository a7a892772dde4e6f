"""The command line: one client reports once, as it does in the pod of a TrainingJob."""

import argparse
import os
import sys
from collections.abc import Callable


def huggingface(step: int, of: int) -> list[bool]:
    """The callback that the Trainer of Hugging Face adds by itself, driven as the Trainer does."""
    from transformers import TrainerControl, TrainerState
    from transformers.integrations import KubeflowCallback
    from transformers.integrations.integration_utils import is_kubeflow_available

    if not is_kubeflow_available():
        raise RuntimeError("transformers would not add its callback")
    callback = KubeflowCallback()
    callback._MIN_UPDATE_INTERVAL = 0.0  # else it keeps silent for 5 s after the first report
    taken: list[bool] = []
    send = callback._update_status
    callback._update_status = lambda *a, **k: taken.append(send(*a, **k))
    state = TrainerState(max_steps=of, global_step=0, epoch=0.0)
    control = TrainerControl()
    callback.on_train_begin(None, state, control)
    state.global_step = step
    state.epoch = 3 * step / of
    logs = {"loss": 0.25, "learning_rate": 1e-05, "grad_norm": float("nan"), "note": "no number"}
    callback.on_log(None, state, control, logs=logs)
    if step < of:
        callback.on_step_end(None, state, control)
    else:
        callback.on_train_end(None, state, control)
    return taken


def kubeflow(step: int, of: int) -> list[bool]:
    """The function of Kubeflow's SDK that training code calls itself."""
    from kubeflow.trainer import update_trainjob_status

    return [
        update_trainjob_status(
            progress_percent=100 * step // of,
            estimated_remaining_seconds=of - step,
            metrics={"loss": 0.25, "current_step": step, "best": "run-7"},
        )
    ]


CLIENTS: dict[str, Callable[[int, int], list[bool]]] = {
    "huggingface": huggingface,
    "kubeflow": kubeflow,
}


def main() -> int:
    options = _parser().parse_args()
    if "KUBEFLOW_TRAINER_SERVER_URL" not in os.environ:
        sys.exit("clients: KUBEFLOW_TRAINER_SERVER_{URL,CA_CERT,TOKEN} must say where to report to")
    taken = CLIENTS[options.client](options.step, options.of)
    print(f"{options.client}: {taken.count(True)} of {len(taken)} reports were taken")
    return 0 if taken and all(taken) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clients training",
        description="Reports the progress of a training with a stock client, by the three"
        " KUBEFLOW_TRAINER_SERVER_… variables. Ends with 1 when a report is not taken.",
    )
    parser.add_argument("client", choices=CLIENTS)
    parser.add_argument("--step", type=int, default=50, help="where the training is (default: 50)")
    parser.add_argument("--of", type=int, default=100, help="steps in all (default: 100)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
