package app

import (
	"fmt"
	"os"
	"time"
)

// processName tells this process from others that share a store.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "latchkey"
	}
	return fmt.Sprintf("%s/%d/%d", host, os.Getpid(), time.Now().UnixNano())
}
