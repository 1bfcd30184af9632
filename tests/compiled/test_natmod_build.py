"""A module that was exported for another architecture, built for this machine."""

from depthwise.host.build.natmod import build_natmods
from tests.support.natmods import LABELS, exported, images, python, scores


def test_a_module_exported_for_another_architecture_computes_the_same() -> None:
    project = exported("armv6m", labels=LABELS, schedule="whole", trace=True)
    (built,) = build_natmods(project, ("x64",))
    assert built.project.manifest["segments"] == project.manifest["segments"]
    given = images(project)
    script = "import digits\nnet = digits.Model()\n" + "".join(
        f"print(bytes(memoryview(net.run({image.tobytes()!r}))).hex(), net.labels[3])\n" for image in given[:3]
    )
    assert python(script, built.path.parent) == [f"{s} trois" for s in scores(project, given[:3])]
