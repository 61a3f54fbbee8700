//go:build !linux

package postgrestest

import (
	"os/exec"
	"syscall"
)

func attributes(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as}
}

// run starts a process and closes ended when it is over.
func run(c *exec.Cmd, ended chan<- struct{}) error {
	if err := c.Start(); err != nil {
		return err
	}
	go func() {
		defer close(ended)
		_ = c.Wait() // how it ended is in its log
	}()
	return nil
}
