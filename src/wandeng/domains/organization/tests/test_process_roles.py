"""The roles that process definitions name are roles a post can have."""

from wandeng.domains.organization.types import Role
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import shipped_root


def test_every_role_of_every_shipped_process_exists():
    library = ProcessLibrary.load([shipped_root()], RuleLibrary.load(default_root()))
    named = {role for versions in library.shelf.values() for version in versions for role in version.body.roles}
    assert len(named) > 5
    assert named <= {role.value for role in Role}
