"""What cannot be read or written is refused in a sentence, and leaves nothing behind; the other files are imported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.importing import import_all
from core.errors import AimaError, FixArguments
from tests.conftest import person
from tests.integration.field_shops import FieldShop, shop

__all__ = ["shop"]

ORDERS = "order_id,order_date,customer_id,total\n{n},2024-01-02,a,10.00\n"
BAD = ORDERS + "2,never,a,5\n"


def test_a_path_that_is_no_file_is_refused(shop: FieldShop, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone.csv")
    for name in ("missing.csv", "folder", "pipe", "nowhere", "missing/orders.csv", "a" * 300 + ".csv"):
        with pytest.raises(AimaError, match=r".{15,}"):
            shop.bring(tmp_path / name)
        with pytest.raises(AimaError):
            shop.preview(tmp_path / name)
    assert not shop.rows("select from imports")


def test_a_file_that_may_not_be_read_is_refused(shop: FieldShop, monkeypatch: pytest.MonkeyPatch) -> None:
    file = shop.write(ORDERS.format(n=1))
    opened = Path.open

    def forbidden(path: Path, *how: object, **more: object) -> object:
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(AimaError, match="may not be read"):
        shop.bring(file)


def test_a_file_that_vanishes_is_refused_and_nothing_is_written(
    shop: FieldShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tools.imports.load as module

    file = shop.write(ORDERS.format(n=1))
    planned = module.intake

    def plan_then_lose(*given: object, **how: object) -> object:
        plan = planned(*given, **how)  # type: ignore[arg-type]
        file.unlink()
        return plan

    monkeypatch.setattr(module, "intake", plan_then_lose)
    with pytest.raises(AimaError):
        shop.bring(file)
    assert not shop.rows("select from orders")


def test_rejects_that_cannot_be_written_leave_nothing(shop: FieldShop, tmp_path: Path) -> None:
    file = shop.write(BAD.format(n=1))
    from tools.imports.load import import_file

    for place in (tmp_path / "missing" / "rejects.csv", tmp_path, Path("/dev/full")):
        with pytest.raises(FixArguments, match="nothing was imported"):
            import_file(shop.database, person(shop.org_id), file, rejects=place)
    assert not shop.rows("select from orders")


def test_of_several_files_one_that_cannot_be_read_keeps_no_other_back(
    shop: FieldShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = [shop.write(ORDERS.format(n=1), "a.csv"), tmp_path / "missing.csv", shop.write(ORDERS.format(n=2), "b.csv")]
    how = {"rejects": None, "dry_run": False, "compare": False, "again": False}
    with pytest.raises(FixArguments, match="1 of 3 files"):
        import_all(shop.database, person(shop.org_id), files, how, scores=False)
    assert len(shop.rows("select from orders")) == 2
    said = capsys.readouterr()
    assert "missing.csv" in said.err
    assert "1 order, 10.00" in said.out
