"""What several of the detector's tests look at."""

from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.detector.files import xmp
from tests.signing import GENERATED


@pytest.fixture(scope="session")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes seconds and hundreds of megabytes, though it is a few hundred kilobytes."""
    path = tmp_path_factory.mktemp("slow") / "vast.png"
    says = PngInfo()
    says.add_itxt("XML:com.adobe.xmp", xmp(GENERATED).decode())
    Image.new("RGBA", (9900, 9900), (200, 30, 30, 90)).save(path, compress_level=1, pnginfo=says)
    return path
