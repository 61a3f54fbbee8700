package cli

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"
)

// TestAHangupAsksForTheConfigurationAgain: the process goes on.
func TestAHangupAsksForTheConfigurationAgain(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	asked := hangups(ctx)
	for range 2 {
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		select {
		case <-asked:
		case <-time.After(time.Minute):
			t.Fatal("nobody is told")
		}
	}
}
