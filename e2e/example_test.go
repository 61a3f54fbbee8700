package e2e

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"latchkey/app"
	"latchkey/cli"
	"latchkey/config"
)

// exampleFile is the configuration that main.go embeds.
const exampleFile = "../config.yaml"

// repoEnv tells the command where the repository is, whatever folder it runs in.
const repoEnv = "REPO"

// exampleConfig is the example without a token.
func exampleConfig() (*config.Config, error) {
	return config.Load(exampleFile, func(string) (string, bool) { return "", false }, app.Backends())
}

// beLatchkey is what main does.
func beLatchkey() int {
	example, err := os.ReadFile(filepath.Join(os.Getenv(repoEnv), "config.yaml"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Run(ctx, os.Args[1:], example)
}
