package app

import (
	"os"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"latchkey/config"
)

// replicaName is what a replica is called beside others; "" where the store has room for
// one only.
func replicaName(c *config.Config) string {
	if storeFile(c) != "" {
		return ""
	}
	host, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return host
}

// of says whose figures they are.
func (m *metrics) of(replica string) { m.replica = replica }

// named are figures with a label that says which replica they are of, where there are
// several.
func (m *metrics) named(figures prometheus.Gatherer) prometheus.Gatherer {
	if m.replica == "" {
		return figures
	}
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		families, err := figures.Gather()
		for _, family := range families {
			for _, one := range family.Metric {
				one.Label = labelled(one.Label, m.replica)
			}
		}
		return families, err
	})
}

// labelled are labels with one more, in their order.
func labelled(labels []*dto.LabelPair, replica string) []*dto.LabelPair {
	name := "replica"
	labels = append(slices.Clone(labels), &dto.LabelPair{Name: &name, Value: &replica})
	slices.SortFunc(labels, func(a, b *dto.LabelPair) int { return strings.Compare(a.GetName(), b.GetName()) })
	return labels
}
