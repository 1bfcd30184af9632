"""Architectures of the zoo, small enough for tests."""

from depthwise.codegen.zoo.catalogue import TECHNIQUES, Scaling, architecture
from depthwise.codegen.zoo.digits import digits
from depthwise.codegen.zoo.fomo import fomo
from depthwise.codegen.zoo.mobilenet_v1 import mobilenet_v1
from depthwise.codegen.zoo.mobilenet_v2 import mobilenet_v2
from depthwise.codegen.zoo.shufflenet import shufflenet

SMALL = (
    digits(),
    mobilenet_v1(0.25, 48, 7),
    mobilenet_v2(0.25, 48, 7),
    architecture("mobilenet_v3_small", Scaling(0.25, 48, 7)),
    architecture("efficientnet_lite0", Scaling(0.25, 48, 7)),
    fomo(0.35, 48, 3),
    shufflenet(0.25, 48, 7),
    architecture("ds_cnn", Scaling(0.25)),
    *(TECHNIQUES[t](digits(0.5)) for t in TECHNIQUES),
)
