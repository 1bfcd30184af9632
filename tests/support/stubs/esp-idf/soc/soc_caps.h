/* What the chip has: its own USB, if the stand-in is compiled for one that has. */
#ifndef SOC_CAPS_H
#define SOC_CAPS_H

#ifdef STUB_USB
#define SOC_USB_SERIAL_JTAG_SUPPORTED 1
#endif

#endif
