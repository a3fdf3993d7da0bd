"""The model's life: training, the gate, the registry. The only room with scikit-learn."""
