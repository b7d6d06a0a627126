"""The other opinion: a small neural network over the sentence vector of a message.

One hidden layer, with dropout while it learns (Srivastava et al., "Dropout", JMLR 15 (2014)) and smoothed labels
(Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016). TensorFlow, which Rasa brings, is needed to fit,
numpy alone to score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.term_scorer import Array, log_softmax

HIDDEN = 512
"""Units of the hidden layer."""

EPOCHS = 20
BATCH = 256
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.05
DROPOUT = (0.3, 0.5)  # of the vector, of the hidden layer
SMOOTHING = 0.1


@dataclass(frozen=True, slots=True)
class VectorScorer:
    """Scores labels by a vector, every component brought to mean 0 and deviation 1."""

    mean: Array  # shape (dim,)
    deviation: Array  # shape (dim,)
    inner: Array  # shape (dim, HIDDEN)
    inner_bias: Array  # shape (HIDDEN,)
    outer: Array  # shape (HIDDEN, n_labels)
    outer_bias: Array  # shape (n_labels,)

    @classmethod
    def fit(cls, vectors: Array, labels: Sequence[str]) -> VectorScorer:
        """Learn from vectors, shape (n_texts, dim), and the label of each; the same every time on one machine."""
        import tensorflow as tf

        tf.keras.utils.set_random_seed(20261129)
        mean, deviation = vectors.mean(axis=0), vectors.std(axis=0) + np.float32(1e-6)
        names = sorted(set(labels))
        place = {name: number for number, name in enumerate(names)}
        wanted = tf.one_hot([place[label] for label in labels], len(names))
        layers = tf.keras.layers
        network = tf.keras.Sequential(
            [
                layers.Dropout(DROPOUT[0]),
                layers.Dense(HIDDEN, activation="relu"),
                layers.Dropout(DROPOUT[1]),
                layers.Dense(len(names)),
            ]
        )
        network.compile(
            optimizer=tf.keras.optimizers.AdamW(LEARNING_RATE, weight_decay=WEIGHT_DECAY),
            loss=tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING),
        )
        network.fit((vectors - mean) / deviation, wanted, batch_size=BATCH, epochs=EPOCHS, verbose=0)
        inner, inner_bias, outer, outer_bias = network.get_weights()
        return cls(mean, deviation, inner, inner_bias, outer, outer_bias)

    def log_shares(self, vector: Array) -> Array:
        """Return the logarithms of the labels' probabilities, shape (n_labels,)."""
        hidden = np.maximum((vector - self.mean) / self.deviation @ self.inner + self.inner_bias, 0)
        return log_softmax(hidden @ self.outer + self.outer_bias)
