package ask

import "golang.org/x/sys/unix"

const getTermios, setTermiosFlushing = unix.TCGETS, unix.TCSETSF
