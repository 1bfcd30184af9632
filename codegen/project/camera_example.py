"""The example with a camera that ESP-IDF projects have where esp32-camera runs and the network takes its pictures."""

from typing import Final

from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.targets.boards import Board

from .project_kinds import ESP_IDF, ProjectKind

CHIPS: Final = ("esp32", "esp32s3")
CHANNELS: Final = (1, 3)  # grayscale, RGB565
LEAST: Final = 8  # pixels of a side that make a picture
FILES: Final = (
    ("examples/camera/CMakeLists.txt", "project/esp-idf/camera/CMakeLists.txt.j2"),
    ("examples/camera/sdkconfig.defaults", "project/esp-idf/camera/sdkconfig.defaults.j2"),
    ("examples/camera/main/CMakeLists.txt", "project/esp-idf/camera/main.cmake.j2"),
    ("examples/camera/main/idf_component.yml", "project/esp-idf/camera/main.yml.j2"),
    ("examples/camera/main/camera.c", "project/esp-idf/camera/camera.c.j2"),
)


def camera_files(net: NetworkView, board: Board, kind: ProjectKind) -> tuple[tuple[str, str], ...]:
    """Its files, (file, template); none for other kinds of project, chips and networks."""
    image = net.image_form and net.input.channels in CHANNELS and min(net.input.width, net.input.height) >= LEAST
    runs = kind.name == ESP_IDF.name and dict(board.projects).get(kind.name) in CHIPS
    return FILES if image and runs else ()
