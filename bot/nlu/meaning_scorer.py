"""The other opinion: what a message means, by small neural networks over its tokens' vectors, and their mean.

Each network looks at the tokens from several sides (pooling by learned weights: Lin et al., "A structured
self-attentive sentence embedding", ICLR 2017) and has one hidden layer, with dropout while it learns (Srivastava et
al., "Dropout", JMLR 15 (2014)) and smoothed labels (Szegedy et al., "Rethinking the Inception Architecture", CVPR
2016). Networks that began at other weights err on other messages (Hansen and Salamon, "Neural network ensembles", PAMI
12 (1990)). TensorFlow, which Rasa brings, is needed to fit, numpy alone to score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.term_scorer import Array, log_softmax
from bot.nlu.token_encoder import Tokens

NETWORKS = 3

SIDES = 8
"""Sides from which the tokens are looked at, each with weights of its own that add up to 1."""

SIDE = 64
"""Components of what is seen from one side."""

HIDDEN = 512
"""Units of the hidden layer."""

FIRST_SEED = 20261129
EPOCHS = 12
BATCH = 128
LEARNING_RATE = 1e-3  # falls to 0 along half a cosine
WEIGHT_DECAY = 0.05
DROPOUT = (0.2, 0.3, 0.5)  # of the tokens, of what is seen of them, of the hidden layer
SMOOTHING = 0.1

SAMPLED = 7
"""One token of so many is enough to tell mean and deviation of the components."""


@dataclass(frozen=True, slots=True)
class MeaningScorer:
    """Scores labels by tokens, every component brought to mean 0 and deviation 1."""

    mean: Array  # shape (dim,)
    deviation: Array  # shape (dim,)
    weigh: Array  # shape (NETWORKS, dim, SIDES)
    see: Array  # shape (NETWORKS, SIDES, dim, SIDE)
    see_bias: Array  # shape (NETWORKS, SIDES, SIDE)
    inner: Array  # shape (NETWORKS, SIDES * SIDE, HIDDEN)
    inner_bias: Array  # shape (NETWORKS, HIDDEN)
    outer: Array  # shape (NETWORKS, HIDDEN, n_labels)
    outer_bias: Array  # shape (NETWORKS, n_labels)

    @classmethod
    def fit(cls, texts: Sequence[Tokens], labels: Sequence[str]) -> MeaningScorer:
        """Learn from texts and the label of each; the same every time on one machine."""
        sample = np.concatenate(texts)[::SAMPLED].astype(np.float32)
        mean, deviation = sample.mean(axis=0), sample.std(axis=0) + np.float32(1e-6)
        names = sorted(set(labels))
        place = {name: number for number, name in enumerate(names)}
        wanted = np.array([place[label] for label in labels])
        scaled = [((tokens - mean) / deviation).astype(np.float16) for tokens in texts]
        networks = [_fit_network(scaled, wanted, seed=FIRST_SEED + number) for number in range(NETWORKS)]
        return cls(mean, deviation, *(np.stack(arrays) for arrays in zip(*networks, strict=True)))

    def log_shares(self, text: Tokens) -> Array:
        """Return the logarithms of the labels' mean probabilities, shape (n_labels,)."""
        tokens = (text.astype(np.float32) - self.mean) / self.deviation
        weights = np.exp(log_softmax((tokens @ self.weigh).swapaxes(1, 2)))  # (NETWORKS, SIDES, n_tokens)
        seen = ((weights @ tokens)[:, :, None] @ self.see)[:, :, 0] + self.see_bias
        hidden = np.maximum((seen.reshape(len(seen), 1, -1) @ self.inner)[:, 0] + self.inner_bias, 0)
        scores = (hidden[:, None] @ self.outer)[:, 0] + self.outer_bias
        shares: Array = np.exp(log_softmax(scores)).mean(axis=0)
        return np.log(shares)


def _fit_network(texts: Sequence[Array], wanted: Array, *, seed: int) -> list[Array]:
    """Fit one network to scaled tokens and the number of each text's label; return its arrays in order."""
    import tensorflow as tf

    tf.keras.utils.set_random_seed(seed)
    layers, dim, n_labels = tf.keras.layers, texts[0].shape[1], int(wanted.max()) + 1
    tokens, blank = layers.Input((None, dim)), layers.Input((None, 1))
    kept = layers.Dropout(DROPOUT[0])(tokens)
    weigh = layers.Dense(SIDES, use_bias=False)
    see = layers.EinsumDense("bsd,sdk->bsk", output_shape=(SIDES, SIDE), bias_axes="sk")
    weights = layers.Softmax(axis=1)(layers.Add()([weigh(kept), blank]))
    seen = see(layers.Dot(axes=1)([weights, kept]))
    known = layers.Dropout(DROPOUT[1])(layers.Flatten()(seen))
    inner, outer = layers.Dense(HIDDEN, activation="relu"), layers.Dense(n_labels)
    network = tf.keras.Model([tokens, blank], outer(layers.Dropout(DROPOUT[2])(inner(known))))
    steps = EPOCHS * -(-len(texts) // BATCH)
    network.compile(
        optimizer=tf.keras.optimizers.AdamW(
            tf.keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), weight_decay=WEIGHT_DECAY
        ),
        loss=tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING),
    )
    inputs = (tf.TensorSpec((None, None, dim), tf.float32), tf.TensorSpec((None, None, 1), tf.float32))
    signature = (inputs, tf.TensorSpec((None, n_labels), tf.float32))
    batches = tf.data.Dataset.from_generator(
        lambda: _batches(texts, np.eye(n_labels, dtype=np.float32)[wanted], seed), output_signature=signature
    )
    network.fit(batches.prefetch(2), steps_per_epoch=steps // EPOCHS, epochs=EPOCHS, verbose=0)
    return [array for layer in (weigh, see, inner, outer) for array in layer.get_weights()]


def _batches(texts: Sequence[Array], wanted: Array, seed: int) -> Iterator[tuple[tuple[Array, Array], Array]]:
    """Yield shuffled batches of texts of like length, for ever: ((tokens, blanks), wanted).

    Blanks fill a text up to the longest: -10,000 where nothing stands, which leaves no weight, and 0 elsewhere.
    """
    drawn = np.random.default_rng(seed)
    lengths = np.array([len(tokens) for tokens in texts])
    while True:
        order = np.argsort(lengths + drawn.uniform(0, 4, len(texts)), kind="stable")
        parts = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        for place in drawn.permutation(len(parts)):
            members = parts[place]
            longest = lengths[members].max()
            tokens = np.zeros((len(members), longest, texts[0].shape[1]), dtype=np.float32)
            blank = np.full((len(members), longest, 1), -1e4, dtype=np.float32)
            for row, member in enumerate(members):
                tokens[row, : lengths[member]] = texts[member]
                blank[row, : lengths[member]] = 0
            yield (tokens, blank), wanted[members]
