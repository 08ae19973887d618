"""`threadpoolctl` reaches the threads of the kernels, whoever is imported first, and is not imported for that."""

import child
import pytest


@pytest.mark.parametrize("first", ["gilexample", "gilexample, cookbook", "threadpoolctl"])
def test_threadpoolctl_knows_the_packages_whoever_comes_first(first):
    child.run(f"""
        import {first}
        import cookbook, gilexample, threadpoolctl

        def known():
            found = [each for each in threadpoolctl.threadpool_info() if each["user_api"] == "kernelgen"]
            assert len(found) == 2, found
            return [each["num_threads"] for each in found]

        before = [cookbook.get_num_threads(), gilexample.get_num_threads()]
        assert sorted(known()) == sorted(before)
        with threadpoolctl.threadpool_limits(1, user_api="kernelgen"):
            assert known() == [1, 1]
            assert (cookbook.get_num_threads(), gilexample.get_num_threads()) == (1, 1)
        assert [cookbook.get_num_threads(), gilexample.get_num_threads()] == before
    """)


def test_threadpoolctl_is_not_imported_and_imports_as_ever():
    child.run("""
        import importlib.util, sys
        import gilexample
        assert "threadpoolctl" not in sys.modules
        assert importlib.util.find_spec("no_module_of_this_name") is None
        import threadpoolctl
        assert threadpoolctl.__spec__.loader is threadpoolctl.__loader__
        assert "exec_module" not in vars(threadpoolctl.__loader__)
        assert sum(each.user_api == "kernelgen" for each in threadpoolctl.LibController.__subclasses__()) == 1
    """)


def test_an_old_threadpoolctl_is_left_alone(tmp_path):
    (tmp_path / "threadpoolctl.py").write_text("class LibController: ...\nclass OpenMPController(LibController): ...\n")
    child.run("import gilexample, threadpoolctl", PYTHONPATH=str(tmp_path))
