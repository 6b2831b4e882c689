"""The build hook of the package: compiles the glance where there is a C compiler, and says nothing where there is none.

Without it `make install` would need a compiler, or nobody would have what it makes; numpy does the same work, slower.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILD = Path("connectors", "bytescan", "compiled", "build.py")


class Hook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling makes it generic only while types are checked
    """Adds what was compiled to a wheel; an editable installation finds it beside its source."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before anything is packed."""
        spec = spec_from_file_location("build_glance", Path(self.root) / BUILD)
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        made = module.build()
        if made and version != "editable":
            build_data["artifacts"].append(made.relative_to(self.root).as_posix())
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
