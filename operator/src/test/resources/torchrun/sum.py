"""A program as torchrun starts it: the workers find each other and add up what each has."""

import torch
import torch.distributed as dist

dist.init_process_group("gloo")
total = torch.tensor([float(dist.get_rank() + 1)])
dist.all_reduce(total)
print(f"rank {dist.get_rank()} of {dist.get_world_size()}: {int(total.item())}", flush=True)
dist.destroy_process_group()
