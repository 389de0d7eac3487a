"""The program recognises pictures, never people: no face API in our code, no face library in the lock files,
no model in the environment that is not known to read letters. docs/guides/no-faces.md says why."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("storage", "crawler", "detector", "desk", "benchmarks")
# Interfaces of OpenCV, and of the libraries that people reach for.
FACE = re.compile(
    r"facedetector|facerecogni[sz]|facemark|cascadeclassifier|haarcascade|detectmultiscale|face_?recognition|"
    r"face_?embedding|face_?landmark|facemesh|face_?alignment|face_?detect|insightface|deepface|"
    r"arcface|facenet|retinaface|mtcnn|blazeface|yunet|sface|mediapipe|(?<!st)dlib|lbph|eigenface|fisherface",
    re.IGNORECASE,
)
MODELS = frozenset(
    (
        *(".onnx", ".ort", ".tflite", ".pt", ".pth", ".safetensors", ".caffemodel", ".pbtxt", ".pb"),
        *(".mlmodel", ".h5", ".engine", ".gguf", ".task", ".t7", ".weights"),
    )
)
KNOWN = {
    # letters on pictures
    "rapidocr/models/PP-OCRv6_det_small.onnx",
    "rapidocr/models/PP-OCRv6_rec_small.onnx",
    "rapidocr/models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    # onnxruntime's own toys: a product, a sigmoid, irises
    "onnxruntime/datasets/logreg_iris.onnx",
    "onnxruntime/datasets/mul_1.onnx",
    "onnxruntime/datasets/sigmoid.onnx",
}


def names(tree: ast.AST) -> Iterator[str]:
    """All that code calls by its name, and the strings by which it could be called."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name
            case ast.ImportFrom(module=str(name)):
                yield name
            case ast.Call(func=ast.Name(id="getattr" | "import_module" | "__import__"), args=arguments):
                yield from (
                    one.value
                    for one in arguments
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


@pytest.mark.slow  # all code
def test_no_module_names_a_face_api() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for name in names(ast.parse(path.read_text()))
        if FACE.search(name)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import face_recognition",
        "from insightface.app import FaceAnalysis",
        "import cv2; cv2.FaceDetectorYN.create('a.onnx', '', (1, 1))",
        "cv2.CascadeClassifier(cv2.data.haarcascades + 'x.xml')",
        "getattr(cv2, 'FaceRecognizerSF')",
        "from importlib import import_module; import_module('deepface')",
    ],
)
def test_one_would_be_seen(code: str) -> None:
    assert any(FACE.search(name) for name in names(ast.parse(code)))


@pytest.mark.parametrize("code", ["cv2.FontFace('sans')", "interface = surface(typeface)"])
def test_a_typeface_is_no_face(code: str) -> None:
    assert not any(FACE.search(name) for name in names(ast.parse(code)))


def locked(name: str) -> list[str]:
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / name).read_text(), re.MULTILINE)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_no_face_library_is_locked(lock: str) -> None:
    assert locked(lock)
    assert [name for name in locked(lock) if FACE.search(name.replace("-", "_"))] == []


@pytest.mark.slow  # all files of the environment
def test_every_model_in_the_environment_is_known() -> None:
    """Of all distributions that are locked, development tools too. A new model is looked at by a person, and
    named above with what it does."""
    models: set[str] = set()
    files = 0
    for name in locked("requirements-dev.lock"):
        try:
            inside = distribution(name).files or []
        except PackageNotFoundError:  # for another platform
            continue
        files += len(inside)
        models |= {str(file) for file in inside if file.suffix in MODELS or FACE.search(file.name)}
    assert files > 5_000
    assert models == KNOWN
