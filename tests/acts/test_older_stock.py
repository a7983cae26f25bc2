"""A node whose bodies stand with their versions is brought to segments, and serves the same."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from comity.acts import segments
from comity.models import LooseBody, Need, Segment, SegmentBytes, StoredVersion
from tests.journeys.world import World, indicator, relationship, stix_id


@pytest.fixture
def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have migrations go through every step, as on a node from before, and not by what makes all tables at once."""
    load = MigrationLoader.load_disk

    def steps_alone(loader: MigrationLoader) -> None:
        load(loader)
        steps = {key: step for key, step in loader.disk_migrations.items() if not step.replaces}
        loader.disk_migrations = steps

    monkeypatch.setattr(MigrationLoader, "load_disk", steps_alone)
    reload = ProjectState.reload_model

    def near_by(state: ProjectState, app_label: str, model_name: str, *, delay: bool = False) -> None:
        """Build anew the models beside the one that changed, and not all that hang together with it by others.

        Django does so too where a column holds no key; before a step in Python it builds all anew, for it is told.
        """
        del delay
        reload(state, app_label, model_name, delay=True)
        state.is_delayed = True

    monkeypatch.setattr(ProjectState, "reload_model", near_by)


@pytest.mark.long
@pytest.mark.usefixtures("step_by_step")
@pytest.mark.django_db(transaction=True)
@pytest.mark.both_stores
def test_a_stock_from_before_segments_is_served_as_it_was() -> None:
    world = World()
    world.share(*(indicator(f"i{n}", "GREEN") for n in range(300)))
    world.tick()
    world.share(relationship("r", "GREEN", stix_id("indicator", "i1"), stix_id("indicator", "i2")))
    pages = [world.walk(code, 100) for code in ("XA", "XI")]
    needs = sorted(Need.objects.values_list("version_id", "target__stix_id", "group"))
    rows = segments.bodies(list(StoredVersion.objects.values_list("id", flat=True)))
    for pk, body in rows.items():
        StoredVersion.objects.filter(pk=pk).update(body=body)
    SegmentBytes.objects.all().delete()
    Segment.objects.all().delete()
    LooseBody.objects.all().delete()
    call_command("migrate", "comity", "0004", verbosity=0)
    call_command("migrate", verbosity=0)
    assert needs == sorted(Need.objects.values_list("version_id", "target__stix_id", "group")) != []
    assert not StoredVersion.objects.exclude(body=b"").exists()
    assert not LooseBody.objects.exists()
    assert [world.walk(code, 100) for code in ("XA", "XI")] == pages
    world.share(indicator("later", "GREEN"))
    assert len(world.walk("XI", 200)) == len(pages[1]) + 1
