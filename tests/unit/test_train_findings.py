"""What a training is told to have gone wrong with, and which networks a board leaves to try. Needs no TensorFlow."""

from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.errors import DoesNotFitError
from depthwise.codegen.targets.boards import board
from depthwise.codegen.zoo.catalogue import Scaling
from depthwise.host.data.confusion import Confusion, confusion_of
from depthwise.host.train.candidates import TRIED, candidates
from depthwise.host.train.picture_findings import picture_findings
from depthwise.host.train.training_data import Pictures, TrainingData
from depthwise.host.train.training_findings import findings
from depthwise.host.train.tried import Tried, cards, front
from tests.support.commands import call
from tests.support.painted import painted, skies

CLASSES = ("cat", "dog", "owl")


def confusion(*rows: tuple[int, int, int]) -> Confusion:
    return Confusion(CLASSES, np.array(rows, np.int64))


def drawn(*of_class: int) -> TrainingData:
    """Noise, so many training pictures of each class."""
    labels = np.repeat(np.arange(len(of_class)), of_class)
    images = np.random.default_rng(0).random((len(labels), 4, 4, 1), np.float32)
    other = np.random.default_rng(1).random((6, 4, 4, 1), np.float32)
    some = Pictures(other, np.arange(6) % 3)
    return replace(skies(), classes=CLASSES, training=Pictures(images, labels), validation=some, test=some)


def texts(data: TrainingData, tested: Confusion, trained: float) -> str:
    return "\n".join(f"{f.text}; {f.hint}" for f in findings(data, tested, trained))


def test_pictures_are_counted_by_their_class_and_by_what_is_found() -> None:
    made = confusion_of(CLASSES, np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 2, 0]))
    assert made.counts.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 2]]
    assert made.accuracy == 4 / 6
    assert made.card()["classes"]["owl"] == {"pictures": 3, "recall": 0.6667, "precision": 1.0}


def test_a_class_that_is_never_found_has_precision_0() -> None:
    assert confusion((0, 5, 0), (0, 5, 0), (0, 0, 5)).card()["classes"]["cat"] == {
        "pictures": 5,
        "recall": 0.0,
        "precision": 0.0,
    }


def test_nothing_is_said_of_a_training_that_went_well() -> None:
    assert findings(drawn(60, 60, 60), confusion((20, 0, 0), (1, 19, 0), (0, 0, 20)), 0.99) == ()


@pytest.mark.parametrize(
    ("tested", "trained", "told"),
    [
        (
            ((7, 7, 6), (6, 7, 7), (7, 6, 7)),
            0.4,
            "35% of test pictures right is no better than guessing, 33%; if a person tells them apart, train longer",
        ),
        (
            ((7, 7, 6), (6, 7, 7), (7, 6, 7)),
            1.0,
            "no better than guessing, 33%; it knows its training pictures by heart",
        ),
        (((14, 3, 3), (3, 14, 3), (3, 3, 14)), 0.99, "99% of training pictures are right, 70% of test pictures"),
        (((20, 0, 0), (0, 14, 6), (0, 0, 20)), 0.95, "30% of dog are taken for owl"),
    ],
)
def test_what_went_wrong_is_named_with_both_numbers(
    tested: tuple[tuple[int, int, int], ...], trained: float, told: str
) -> None:
    assert told in texts(drawn(60, 60, 60), confusion(*tested), trained)


def test_a_network_that_guesses_accuses_no_class_and_no_picture() -> None:
    """Seen with pictures of noise: 80 % of one class were taken for the other, and three were suspected."""
    data = replace(skies(), classes=CLASSES, training=smooth(180))
    sure = np.eye(3, dtype=np.float32)[data.training.labels] * 0.9
    sure[7] = (0.0, 0.1, 0.9)
    guessing = confusion((2, 16, 2), (6, 7, 7), (7, 6, 7))
    assert [f.text for f in findings(data, guessing, 0.4, sure)] == [
        "27% of test pictures right is no better than guessing, 33%"
    ]
    told = texts(drawn(5, 60, 60), guessing, 0.4)
    assert "guessing, 33%; add pictures: 5 of a class to train with are too few" in told


def test_two_test_pictures_make_no_class_look_like_another() -> None:
    assert "taken for" not in texts(drawn(60, 60, 60), confusion((20, 0, 0), (2, 1, 0), (0, 0, 20)), 1.0)


def test_pictures_that_are_few_uneven_twice_or_of_two_classes_are_named() -> None:
    well = confusion((20, 0, 0), (0, 20, 0), (0, 0, 20))
    data = drawn(60, 240, 49)
    assert "class owl has 49 training pictures" in texts(data, well, 1.0)
    assert "240 training pictures of dog, 49 of owl; add pictures of owl" in texts(data, well, 1.0)
    copied = replace(data, test=Pictures(data.training.images[:4], data.training.labels[:4]))
    assert "4 pictures to test with are training pictures too" in texts(copied, well, 1.0)
    contradicting = replace(data, test=Pictures(data.training.images[:4], data.training.labels[:4] + 1))
    assert "4 pictures are in more than one class" in texts(contradicting, well, 1.0)


def smooth(count: int, seed: int = 0) -> Pictures:
    """Pictures of which no two are nearly the same, with names, of three classes in turn."""
    coarse = np.random.default_rng(seed).random((count, 8, 8, 1), np.float32)
    return Pictures(np.kron(coarse, np.ones((1, 4, 4, 1), np.float32)), np.arange(count) % 3, named(count))


def named(count: int) -> tuple[str, ...]:
    return tuple(f"{CLASSES[n % 3]}/{n}.png" for n in range(count))


def test_copies_and_near_copies_are_named_before_training() -> None:
    first, test = smooth(180), smooth(9, seed=1)
    data = replace(skies(), classes=CLASSES, training=first, validation=smooth(9, seed=2), test=test)
    assert picture_findings(data) == ()

    def told(training: Pictures, tested: Pictures) -> str:
        return "\n".join(f.text for f in picture_findings(replace(data, training=training, test=tested)))

    images, slightly = first.images.copy(), np.float32(0.01) * np.arange(32, dtype=np.float32)[:, None] / 32
    images[3] = images[0]
    assert told(Pictures(images, first.labels, first.names), test) == (
        "1 training pictures are copies of others, cat/0.png and cat/3.png for one"
    )
    images = first.images.copy()
    images[4] = images[0] + slightly
    assert told(Pictures(images, first.labels, first.names), test) == (
        "1 pairs of pictures in two classes are nearly the same, cat/0.png and dog/4.png for one"
    )
    assert told(first, replace(test, images=(first.images[:9] + slightly).astype(np.float32))) == (
        "9 pictures to test with are nearly training pictures"
    )


def test_pictures_that_look_like_another_class_are_named_with_it() -> None:
    well, data = confusion((20, 0, 0), (0, 20, 0), (0, 0, 20)), replace(skies(), classes=CLASSES, training=smooth(180))
    sure = np.eye(3, dtype=np.float32)[data.training.labels] * 0.9
    assert "look like another class" not in str(findings(data, well, 1.0, sure))
    sure[7] = (0.0, 0.1, 0.9)
    sure[10] = (0.3, 0.3, 0.4)
    assert "1 training pictures look like another class: dog/7.png (owl?)" in str(findings(data, well, 1.0, sure))


def test_networks_to_try_fit_the_board_and_keep_what_was_said() -> None:
    made = candidates(Scaling(), 3, board("nucleo-f446re"), None)
    assert len(made) == len(TRIED)
    assert [c.macs for c in made] == sorted(c.macs for c in made)
    assert all(c.fit is not None and c.fit.fits for c in made)
    small = candidates(Scaling(), 3, board("bluepill"), None)
    assert {c.architecture.name for c in small} < {c.architecture.name for c in made}
    fast = candidates(Scaling(), 3, board("nucleo-f446re"), 20.0)
    assert 0 < len(fast) < len(made)
    assert {c.side for c in candidates(Scaling(resolution=48), 3, None, None)} == {48}


def test_the_front_are_networks_that_none_tried_surpasses() -> None:
    """Right more often, or faster, or with less RAM than each other one; of equal ones all."""
    small, middle, large, *_ = candidates(Scaling(), 3, board("nucleo-f446re"), None)
    assert small.ram_bytes < middle.ram_bytes < large.ram_bytes

    def told(*accuracies: float) -> list[bool]:
        pairs = zip((small, middle, large), accuracies, strict=True)
        return [
            card["on_front"] for card in cards([Tried(candidate=c, epochs=1, loss=1.0, accuracy=a) for c, a in pairs])
        ]

    assert told(0.8, 0.9, 1.0) == [True, True, True]
    assert told(0.9, 0.8, 1.0) == [True, False, True]
    assert told(0.9, 0.9, 0.9) == [True, False, False]
    twice = [Tried(candidate=small, epochs=1, loss=1.0, accuracy=0.9)] * 2
    assert len(front(twice)) == 2


def test_a_board_that_no_network_fits_is_refused_with_the_smallest_one_s_needs() -> None:
    tiny = replace(board("bluepill"), ram_bytes=4096)
    with pytest.raises(
        DoesNotFitError, match=r"none of 5 networks fits bluepill: the smallest, digits, takes [\d,]+ bytes"
    ):
        candidates(Scaling(), 3, tiny, None)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--board", "bluepill", "--arch", "digits"), "--board chooses among networks"),
        (("--weights", "trunk.keras"), "--weights are those of one network"),
        (("--weights", "imagenet"), "weights of ImageNet are those of one network, no --arch is given"),
        (("--weights", "imagenet", "--arch", "digits"), "there are none for digits"),
        (("--weights", "keras:VGG16"), "no weights keras:VGG16 are known"),
        (("--weights", "keras:MobileNetV2", "--arch", "digits"), "is the trunk of mobilenet_v2, not of digits"),
        (("--ms", "20"), "--ms is the time of an inference on a board"),
    ],
)
def test_options_of_the_search_alone_are_refused_without_it(
    given: tuple[str, ...], told: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = painted(tmp_path_factory.mktemp("pictures") / "skies")
    result = call("train", "--images", folder, *given, "-o", folder.parent / "m.tflite")
    assert result.exit_code == 2
    assert told in result.stderr
