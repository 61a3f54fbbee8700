//go:build !linux && !darwin

package ask

import (
	"errors"
	"io"
)

// terminal is one whose echo can't be switched off here: answers come beforehand, and secrets from the environment.
type terminal struct{}

func terminalOf(io.Reader) (terminal, bool) { return terminal{}, false }

func (terminal) shown() error   { return errors.ErrUnsupported }
func (terminal) hidden() error  { return errors.ErrUnsupported }
func (terminal) restore() error { return errors.ErrUnsupported }
