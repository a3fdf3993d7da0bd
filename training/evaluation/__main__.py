"""``python -m training.evaluation > evaluation.jsonl``."""

import json

from training.evaluation import load_evaluation

for message in load_evaluation():
    print(json.dumps(message, ensure_ascii=False))
