import pytest

from wandeng.domains.cases.tests import make as cases


@pytest.fixture
def county(db: None) -> None:
    cases.county()
