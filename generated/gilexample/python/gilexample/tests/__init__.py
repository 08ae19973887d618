"""The tests of gilexample: `pytest --pyargs gilexample`."""
# Written by kernelgen from the specs of gilexample: edit those.
