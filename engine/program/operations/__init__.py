"""Every operation, a file a subject: its kernel, formula, arithmetic, and the gradients of its operands beside it."""
