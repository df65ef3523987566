using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>Running statistics of batch normalizations taken anew, for weights that training has not run with, such as averages.</summary>
public static class BatchNormStatistics
{
    extension<T>(Module<T> module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Makes the running statistics of every batch normalization the plain means over batches, as <c>torch.optim.swa_utils.update_bn</c>.</summary>
        /// <remarks>
        /// They are forgotten first, then batch t moves them by 1/t whatever the momentum is. Deviation: everything but batch normalizations is in
        /// evaluation mode meanwhile, so dropout drops nothing and draws nothing. The mode comes back. Izmailov et al. 2018, arXiv:1803.05407, section 3.2.
        /// </remarks>
        /// <param name="batches">Batches of inputs; a training set as a rule.</param>
        /// <exception cref="ArgumentException">There is no batch.</exception>
        public void UpdateBatchNorm(IEnumerable<Tensor<T>> batches)
        {
            ArgumentNullException.ThrowIfNull(batches);
            List<(Module<T> Module, bool Training)> modes = [];
            List<BatchNorm<T>> norms = [];
            module.ForEach(m =>
            {
                modes.Add((m, m.IsTraining));
                if (m is BatchNorm<T> { HasRunningStatistics: true } norm)
                    norms.Add(norm);
            });
            if (norms.Count == 0)
                return;
            try
            {
                module.Eval();
                foreach (BatchNorm<T> norm in norms)
                {
                    norm.ResetRunningStats();
                    norm.Train();
                    norm.Averages = true;
                }
                bool any = false;
                using NoGrad off = new();
                foreach (Tensor<T> batch in batches)
                {
                    using TensorScope scope = new();
                    module.Invoke(batch);
                    any = true;
                }
                if (!any)
                    throw new ArgumentException("There is no batch to take statistics of; expected at least one.", nameof(batches));
            }
            finally
            {
                foreach (BatchNorm<T> norm in norms)
                    norm.Averages = false;
                foreach ((Module<T> each, bool training) in modes)
                    each.SetMode(training);
            }
        }

        /// <summary>Whether the module or one below is a batch normalization with running statistics.</summary>
        internal bool HasRunningStatistics()
        {
            bool any = false;
            module.ForEach(m => any |= m is BatchNorm<T> { HasRunningStatistics: true });
            return any;
        }
    }
}
