"""The benchmark of Modelweir; README.md says what each number means."""
