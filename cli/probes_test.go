package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"latchkey/app"
	"latchkey/store/postgres/postgrestest"
)

// manifest is what is looked at of an object of Kubernetes.
type manifest struct {
	Kind string
	Spec struct {
		Replicas int
		Strategy struct {
			RollingUpdate struct {
				MaxUnavailable int  `yaml:"maxUnavailable"`
				MaxSurge       *int `yaml:"maxSurge"`
			} `yaml:"rollingUpdate"`
		}
		MaxUnavailable int `yaml:"maxUnavailable"`
		Template       struct {
			Spec struct {
				Affinity   map[string]any
				Containers []container
				Volumes    []volume
			}
		}
	}
}

type volume struct {
	Name     string
	EmptyDir map[string]string `yaml:"emptyDir"`
}

type container struct {
	Args           []string
	StartupProbe   probe `yaml:"startupProbe"`
	LivenessProbe  probe `yaml:"livenessProbe"`
	ReadinessProbe probe `yaml:"readinessProbe"`
	VolumeMounts   []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

type probe struct {
	Exec           struct{ Command []string }
	TimeoutSeconds int `yaml:"timeoutSeconds"`
}

func manifests(t *testing.T, file string) map[string]manifest {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]manifest{}
	for d := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var m manifest
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[m.Kind] = m
	}
}

// TestTheProbesOfReplicas runs what Kubernetes and Docker run to find out how a bot on PostgreSQL is: while it works, while its
// database is away, and when there is none.
func TestTheProbesOfReplicas(t *testing.T) {
	all := manifests(t, "../deploy/kubernetes/replicas.yaml")
	deployment := all["Deployment"]
	if up := deployment.Spec.Strategy.RollingUpdate; deployment.Spec.Replicas != 3 || up.MaxUnavailable != 1 || up.MaxSurge == nil || *up.MaxSurge != 0 || all["PodDisruptionBudget"].Spec.MaxUnavailable != 1 {
		t.Errorf("replicas are replaced like %+v", deployment.Spec)
	}
	pod := deployment.Spec.Template.Spec
	if pod.Affinity["podAntiAffinity"] == nil || len(pod.Containers) != 1 {
		t.Fatalf("the pod: %+v", pod)
	}
	c := pod.Containers[0]
	if i := slices.IndexFunc(pod.Volumes, func(v volume) bool {
		return v.EmptyDir["medium"] == "Memory" && v.Name == c.VolumeMounts[0].Name
	}); i < 0 || c.VolumeMounts[0].MountPath != "/run/latchkey" {
		t.Errorf("there is no place for the socket: %+v", pod.Volumes)
	}
	server := postgrestest.Start(t)
	path := onPostgres(t, server, 0)
	bot, stop := botOn(t, path)
	probing := func(p probe) error {
		t.Helper()
		if len(p.Exec.Command) < 2 || p.TimeoutSeconds <= int(answerTime/time.Second) {
			t.Fatalf("no command, or no time to answer: %+v", p)
		}
		args := slices.Clone(p.Exec.Command[1:])
		args[slices.Index(args, "/etc/latchkey/config.yaml")] = path
		said, err := ranWith(t, args...)
		if err != nil {
			err = fmt.Errorf("%w: %s", err, said)
		}
		return err
	}
	inImage := probe{TimeoutSeconds: 15}
	inImage.Exec.Command = healthCheck(t)
	<-bot
	for name, p := range map[string]probe{"startup": c.StartupProbe, "liveness": c.LivenessProbe, "readiness": c.ReadinessProbe, "Dockerfile": inImage} {
		if err := probing(p); err != nil {
			t.Errorf("while it works, %s: %v", name, err)
		}
	}
	server.Kill()
	for name, p := range map[string]probe{"startup": c.StartupProbe, "liveness": c.LivenessProbe, "Dockerfile": inImage} {
		if err := probing(p); err != nil {
			t.Errorf("without its database, %s: %v", name, err)
		}
	}
	if err := probing(c.ReadinessProbe); err == nil || !strings.Contains(err.Error(), "FAIL  store") {
		t.Errorf("without its database it is ready: %v", err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := probing(c.LivenessProbe); err == nil || !strings.Contains(err.Error(), "latchkey run") {
		t.Errorf("nobody runs, and it is alive: %v", err)
	}
}

// healthCheck is that of the image.
func healthCheck(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "HEALTHCHECK")
	_, after, _ = strings.Cut(after, "CMD ")
	line, _, _ := strings.Cut(after, "\n")
	var command []string
	if err := yaml.Unmarshal([]byte(line), &command); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return command
}

// botOn runs a bot whose store is as a file configures it, in the sandbox. The channel is closed once it works.
func botOn(t *testing.T, path string) (works <-chan struct{}, stop func()) {
	t.Helper()
	said, err := load(path)
	if err != nil {
		t.Fatal(err)
	}
	world, err := app.StartWorld(said, nil, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	c := app.Sandboxed(*said, world.Addresses(), filepath.Join(t.TempDir(), "unused"))
	c.Store = said.Store
	begun := make(untilWorks)
	ctx, end := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- app.Serve(ctx, c, app.Hooks{Clock: world.Clock, Logger: slog.New(slog.NewTextHandler(begun, nil)), NoSockets: true})
	}()
	return begun, func() {
		end()
		if err := errors.Join(<-done, world.Close()); err != nil {
			t.Error(err)
		}
	}
}

// untilWorks is a log that is closed when a bot has begun to work.
type untilWorks chan struct{}

func (b untilWorks) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("no connection to Slack is held")) {
		close(b)
	}
	return len(line), nil
}
