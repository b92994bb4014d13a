using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Alongside.Server.Health;

/// <summary>
/// `GET /metrics`: our own instruments, and the process's memory and time, in the text format of Prometheus (version 0.0.4). Only numbers and
/// our own fixed words; nothing that a participant sent.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), double> values = new();

    public PrometheusText(RelayCounters counters)
    {
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (counters.Owns(instrument))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        listener.Start();
    }

    public string Render()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var group in values.GroupBy(pair => pair.Key.Instrument).OrderBy(group => group.Key.Name, StringComparer.Ordinal))
        {
            var counts = group.Key is Counter<long> or ObservableCounter<long>;
            var name = counts ? group.Key.Name + "_total" : group.Key.Name;
            Head(text, name, group.Key.Description ?? "", counts ? "counter" : "gauge");
            foreach (var ((_, labels), value) in group.OrderBy(pair => pair.Key.Labels, StringComparer.Ordinal))
            {
                text.Append(name).Append(labels).Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        using var process = Process.GetCurrentProcess();
        Head(text, "process_resident_memory_bytes", "Memory in use.", "gauge");
        text.Append(CultureInfo.InvariantCulture, $"process_resident_memory_bytes {process.WorkingSet64}\n");
        Head(text, "process_cpu_seconds_total", "Processor time used.", "counter");
        text.Append(CultureInfo.InvariantCulture, $"process_cpu_seconds_total {process.TotalProcessorTime.TotalSeconds:0.###}\n");
        Head(text, "dotnet_gc_heap_bytes", "Managed memory after the last collection.", "gauge");
        text.Append(CultureInfo.InvariantCulture, $"dotnet_gc_heap_bytes {GC.GetGCMemoryInfo().HeapSizeBytes}\n");
        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private static void Head(StringBuilder text, string name, string help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private void Measured(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = "";
        foreach (var (key, tag) in tags)
        {
            labels += $"{(labels.Length == 0 ? "{" : ",")}{key}=\"{tag}\"";
        }

        labels += labels.Length == 0 ? "" : "}";
        values.AddOrUpdate((instrument, labels), value, (_, before) => instrument is Counter<long> ? before + value : value);
    }
}
