import pytest

from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter


@pytest.fixture
def charter(db: None) -> Charter:
    make.county()
    return Charter.current()
