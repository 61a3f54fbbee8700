package postgrestest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// attributes has the server end when the test binary does, however that ends.
func attributes(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
}

// run starts a process and closes ended when it is over. The system ends it with the
// thread that started it, so that thread waits for it.
func run(c *exec.Cmd, ended chan<- struct{}) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(ended)
		err := c.Start()
		started <- err
		if err == nil {
			_ = c.Wait() // how it ended is in its log
		}
	}()
	return <-started
}
