"""The bundled scenarios, and the pytest plugin that runs scenario files as tests."""
