"""Training ELMo: two language models that share their words. Needs PyTorch."""
