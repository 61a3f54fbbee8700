package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// machine is what the figures were taken on.
type machine struct {
	before, after float64 // load average of a minute
}

func newMachine() *machine { return &machine{before: load(), after: -1} }

// ready refuses a busy machine: at load 1 even ratios drift.
func (m *machine) ready(force bool) error {
	if m.before < 1 || force {
		return nil
	}
	return fmt.Errorf("the load is %.2f; figures are of use below 1 only. Wait, or measure all the same with -force", m.before)
}

func (m *machine) finish() { m.after = load() }

func (m *machine) describe() string {
	state := ""
	if m.before >= 1 {
		state = "  LOADED: other work ran on this machine, so these figures are a rehearsal."
	}
	return fmt.Sprintf("%s, %d × %s, %s, %s/%s %s\nload %.2f before, %.2f after (the benchmarks' own work included)%s",
		time.Now().UTC().Format("2006-01-02 15:04 MST"), runtime.NumCPU(), cpu(), memory(), runtime.GOOS, runtime.GOARCH, runtime.Version(), m.before, m.after, state)
}

// load is the load average of the last minute, 0 where the system tells none.
func load() float64 {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(raw), " ")
	n, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return n
}

func cpu() string    { return field("/proc/cpuinfo", "model name", "unknown processor") }
func memory() string { return field("/proc/meminfo", "MemTotal", "unknown memory") }

// field finds "name : value" in a file of the system.
func field(path, name, otherwise string) string {
	f, err := os.Open(path)
	if err != nil {
		return otherwise
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, ok := strings.Cut(lines.Text(), ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return otherwise
}

// flushRate is how many appends of a kilobyte a file takes in a second when each
// is flushed: what the disk allows, to be printed beside every durable figure.
func flushRate(dir string) (float64, error) {
	f, err := os.CreateTemp(dir, "flush-")
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	block := make([]byte, 1024)
	begun, n := time.Now(), 0
	for ; time.Since(begun) < 500*time.Millisecond; n++ {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}
